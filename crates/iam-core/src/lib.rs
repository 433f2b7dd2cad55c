//! What the operations of IAM mean.
