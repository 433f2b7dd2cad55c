//! The crate from outside: AWS's words, AWS's vectors, and an independent signer.

#[cfg(test)]
mod chunks;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod oddities;
#[cfg(test)]
mod parsing;
#[cfg(test)]
mod pluses;
#[cfg(test)]
mod profiles;
#[cfg(test)]
mod signed;
#[cfg(test)]
#[cfg(feature = "sigv4a")]
mod sigv4a;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod words;
