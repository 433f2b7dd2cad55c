//! Templates that AWS's services make roles from.

mod rows;
