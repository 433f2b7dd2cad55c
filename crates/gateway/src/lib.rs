//! Listens, verifies, routes and answers: the way of a request.
