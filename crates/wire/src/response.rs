//! The envelopes of answers.

use crate::{Encode, Encoder, Fault, Format, Namespace};

/// What an operation's answer is called and whether it says anything.
#[derive(Debug, Clone, Copy)]
pub struct Envelope {
    /// The operation.
    pub operation: &'static str,
    /// The XML namespace of its service.
    pub namespace: &'static str,
    /// Whether the model gives the operation a result; many of IAM's have none.
    pub has_result: bool,
}

/// The body of a success.
pub fn success(
    format: Format,
    envelope: Envelope,
    output: &impl Encode,
    request_id: &str,
) -> Vec<u8> {
    let Envelope { operation, namespace, has_result } = envelope;
    Encoder::document(format, |encoder| {
        encoder.root(operation, "Response", namespace, |encoder| {
            if has_result {
                encoder.object(operation, "Result", |encoder| output.encode(encoder));
            }
            encoder.object("ResponseMetadata", "", |encoder| encoder.text("RequestId", request_id));
        });
    })
}

/// The body of a failure; `namespace` is that of the service that answers.
pub fn failure(format: Format, namespace: &str, fault: &Fault, request_id: &str) -> Vec<u8> {
    let namespace = match fault.namespace {
        Namespace::Service => namespace,
        Namespace::AwsFault => AWS_FAULT,
    };
    let party = fault.party.as_str();
    Encoder::document(format, |encoder| match format {
        Format::Xml => encoder.root("ErrorResponse", "", namespace, |encoder| {
            encoder.object("Error", "", |encoder| {
                encoder.text("Type", party);
                code_and_message(fault, encoder);
            });
            encoder.text("RequestId", request_id);
        }),
        Format::Json => {
            encoder.object("Error", "", |encoder| {
                code_and_message(fault, encoder);
                encoder.text("Type", party);
            });
            encoder.text("RequestId", request_id);
        }
    })
}

fn code_and_message(fault: &Fault, encoder: &mut Encoder) {
    encoder.text("Code", fault.code);
    if let Some(message) = &fault.message {
        encoder.text("Message", message);
    }
}

/// The namespace of AWS's dispatcher; the date is written so on the wire.
const AWS_FAULT: &str = "http://webservices.amazon.com/AWSFault/2005-15-09";

#[cfg(test)]
mod tests;
