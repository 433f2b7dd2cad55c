//! Central root access and the access reports of organizations.

mod rows;
