//! What a refused client is told.

use http::{
    HeaderValue, Response,
    header::{ACCEPT, CONTENT_TYPE},
    request::Parts,
};

use crate::tower::Rejection;

/// Makes the answer to a request that is refused. A closure `Fn(&Rejection, &Parts) -> Response<B>` is one; that of
/// a service like S3 starts from [`AuthError::s3_answer`](crate::AuthError::s3_answer).
pub trait Answer<B>: Send + Sync + 'static {
    /// The answer. The head of the request is there for what other layers put into its extensions (a request id),
    /// and for the forms that the client accepts.
    fn answer(&self, rejection: &Rejection, request: &Parts) -> Response<B>;
}

impl<B, F> Answer<B> for F
where
    F: Fn(&Rejection, &Parts) -> Response<B> + Send + Sync + 'static,
{
    fn answer(&self, rejection: &Rejection, request: &Parts) -> Response<B> {
        self(rejection, request)
    }
}

/// Answers as AWS's Query services do: with XML, or with JSON to a client that accepts `application/json`.
///
/// Without a `RequestId`, which only the service knows; with a bare status where AWS has nothing to say.
#[derive(Clone, Debug, Default)]
pub struct QueryErrors {
    namespace: String,
}

impl QueryErrors {
    /// Sets the XML namespace of the service, such as `https://sts.amazonaws.com/doc/2011-06-15/`.
    pub fn in_namespace(namespace: impl Into<String>) -> Self {
        Self { namespace: namespace.into() }
    }

    fn xml(&self, rejection: &Rejection, code: &str) -> String {
        let mut text = String::from("<ErrorResponse");
        if !self.namespace.is_empty() {
            text.push_str(" xmlns=\"");
            escape_xml(&self.namespace, &mut text);
            text.push('"');
        }
        text.push_str(">\n  <Error>\n    <Type>");
        text.push_str(fault_of(rejection));
        text.push_str("</Type>\n    <Code>");
        text.push_str(code);
        text.push_str("</Code>\n");
        if let Some(message) = rejection.message() {
            text.push_str("    <Message>");
            escape_xml(&message, &mut text);
            text.push_str("</Message>\n");
        }
        text.push_str("  </Error>\n</ErrorResponse>\n");
        text
    }

    fn json(rejection: &Rejection, code: &str) -> String {
        let mut text = format!("{{\"Error\":{{\"Code\":\"{code}\"");
        if let Some(message) = rejection.message() {
            text.push_str(",\"Message\":\"");
            escape_json(&message, &mut text);
            text.push('"');
        }
        text.push_str(",\"Type\":\"");
        text.push_str(fault_of(rejection));
        text.push_str("\"}}");
        text
    }
}

impl<B: From<String>> Answer<B> for QueryErrors {
    fn answer(&self, rejection: &Rejection, request: &Parts) -> Response<B> {
        let (content_type, body) = match rejection.code() {
            None => (None, String::new()),
            Some(code) if wants_json(request) => {
                (Some("application/json"), Self::json(rejection, code))
            }
            Some(code) => (Some("text/xml"), self.xml(rejection, code)),
        };
        let mut response = Response::new(B::from(body));
        *response.status_mut() = rejection.status();
        if let Some(content_type) = content_type {
            let value = HeaderValue::from_static(content_type);
            response.headers_mut().insert(CONTENT_TYPE, value);
        }
        response
    }
}

fn wants_json(request: &Parts) -> bool {
    let accepted = request.headers.get_all(ACCEPT).iter();
    accepted.filter_map(|value| value.to_str().ok()).any(|value| value.contains("application/json"))
}

/// Whose fault it is, in AWS's words.
fn fault_of(rejection: &Rejection) -> &'static str {
    if rejection.status().is_server_error() { "Receiver" } else { "Sender" }
}

fn escape_xml(text: &str, out: &mut String) {
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(char),
            // XML 1.0 has no way to write these.
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(char),
        }
    }
}

fn escape_json(text: &str, out: &mut String) {
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\0'..' ' => out.push_str(&format!("\\u{:04x}", u32::from(char))),
            _ => out.push(char),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;
    use crate::AuthError;

    #[test]
    fn xml_and_json() {
        let unreadable: Rejection =
            AuthError::UnreadableDate { got: "<\u{1}\"&\\".to_owned() }.into();
        let errors = QueryErrors::in_namespace("https://x/?a&b");
        let (parts, ()) = Request::new(()).into_parts();
        let response: Response<String> = errors.answer(&unreadable, &parts);
        assert_eq!(
            (response.status().as_u16(), &response.headers()[CONTENT_TYPE]),
            (400, &HeaderValue::from_static("text/xml"))
        );
        assert_eq!(
            response.body(),
            "<ErrorResponse xmlns=\"https://x/?a&amp;b\">\n  <Error>\n    <Type>Sender</Type>\n    \
             <Code>IncompleteSignature</Code>\n    <Message>Date must be in ISO-8601 'basic format'. \
             Got '&lt;\u{fffd}&quot;&amp;\\'. See http://en.wikipedia.org/wiki/ISO_8601</Message>\n  \
             </Error>\n</ErrorResponse>\n"
        );

        let (parts, ()) = Request::get("/")
            .header(ACCEPT, "text/html, application/json")
            .body(())
            .unwrap()
            .into_parts();
        let response: Response<String> = errors.answer(&unreadable, &parts);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
        let told: serde_json::Value = serde_json::from_str(response.body()).unwrap();
        assert_eq!(
            told,
            serde_json::json!({"Error": {
                "Code": "IncompleteSignature",
                "Message": unreadable.message().unwrap(),
                "Type": "Sender",
            }})
        );
    }

    #[test]
    fn no_message_and_no_body() {
        let (parts, ()) = Request::new(()).into_parts();
        let errors = QueryErrors::default();
        let two: Response<String> = errors.answer(&AuthError::TwoCarriers.into(), &parts);
        assert_eq!(
            two.body(),
            "<ErrorResponse>\n  <Error>\n    <Type>Sender</Type>\n    \
             <Code>SignatureDoesNotMatch</Code>\n  </Error>\n</ErrorResponse>\n"
        );
        let down: Response<String> =
            errors.answer(&Rejection::KeysUnavailable("db1 is down".into()), &parts);
        assert_eq!(
            down.body(),
            "<ErrorResponse>\n  <Error>\n    <Type>Receiver</Type>\n    \
             <Code>InternalFailure</Code>\n  </Error>\n</ErrorResponse>\n"
        );
        let bare: Response<String> = errors.answer(&Rejection::BodyTooLarge { limit: 1 }, &parts);
        assert_eq!(
            (bare.status().as_u16(), bare.headers().len(), bare.body().as_str()),
            (413, 0, "")
        );
    }
}
