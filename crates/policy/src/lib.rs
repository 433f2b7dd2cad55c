//! The IAM policy language: documents, matching, conditions, decisions.
