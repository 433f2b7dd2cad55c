//! What the operations of STS mean.
