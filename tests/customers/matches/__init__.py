"""Tests of customers.matches."""
