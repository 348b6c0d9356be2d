"""What stewards say that a trait really is, whatever its sources say."""
