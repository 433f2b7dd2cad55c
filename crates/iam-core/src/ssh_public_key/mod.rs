//! The SSH keys of users, for CodeCommit.

mod rows;
