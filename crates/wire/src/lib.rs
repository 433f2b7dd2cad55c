//! AWS protocols: Query in, XML or JSON out.
