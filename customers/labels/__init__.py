"""Labels: what people say of pairs of profiles, to measure a policy by. They decide nothing."""
