//! Which services were used by whom (IAM User Guide, "Refine permissions").

mod rows;
