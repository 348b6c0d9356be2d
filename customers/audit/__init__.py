"""The audit log: who looked at whom, who changed what, in a chain that shows tampering."""
