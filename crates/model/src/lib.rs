//! What AWS defines: the shapes, constraints, errors and operations of IAM and STS.
