//! AWS STS and IAM on your own machine.
