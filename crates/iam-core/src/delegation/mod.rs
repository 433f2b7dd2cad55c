//! Requests for access that others make (IAM User Guide, "IAM temporary delegation").
//!
//! A partner asks to be let do something in a customer's account for a while. Somebody there takes
//! charge of the request, somebody who may do what is asked accepts it, and then a token is sent that
//! the partner trades in (`GetDelegatedAccessToken`) for a session of whoever accepted, bounded by the
//! policy that was asked for.
//!
//! AWS has partners register with it, their policy templates too, and sends tokens through a topic of
//! theirs. Here any account may ask ([`Departures::delegation`](daypass_authz::Departures)): its
//! templates are its own managed policies, and the token is read at `/_daypass/delegation-requests/`.

mod accept;
mod associate;
mod create;
mod get;
mod human_readable_summary;
mod list;
mod needs;
mod reject;
mod request;
mod send_token;
mod template;
mod update;

#[cfg(test)]
mod tests;
