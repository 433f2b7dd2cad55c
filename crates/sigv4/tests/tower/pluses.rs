//! What the service sees of a `+` in the query.

use std::convert::Infallible;

use bytes::Bytes;
use daypass_sigv4::tower::VerifiedBody;
use http::{Request, Response};
use http_body_util::Full;
use tower::{Layer, ServiceExt, service_fn};

use crate::world::{Signing, full, layer};

#[tokio::test]
async fn the_service_sees_what_was_signed() {
    let service = service_fn(async |request: Request<VerifiedBody<Full<Bytes>>>| {
        Ok::<_, Infallible>(Response::new(request.uri().to_string()))
    });
    for presigned in [false, true] {
        for (signed, sent, seen) in [
            ("/x+y?a=b%20c&d=%20", "/x+y?a=b+c&d=%20", "/x+y?a=b%20c&d=%20"),
            ("/x+y?a=b%2Bc&d=%20", "/x+y?a=b+c&d=%20", "/x+y?a=b%2Bc&d=%20"),
            ("/x+y?a=b%2Bc", "/x+y?a=b%2Bc", "/x+y?a=b%2Bc"),
            ("/x+y", "/x+y", "/x+y"),
        ] {
            let signing = Signing { presigned, ..Signing::default() };
            let mut request = signing.sign(Request::get(signed), b"", full(""));
            let target = request.uri().to_string();
            let signature = target.strip_prefix(signed).unwrap();
            *request.uri_mut() = format!("{sent}{signature}").parse().unwrap();
            let response = layer().layer(service).oneshot(request).await.unwrap();
            assert_eq!(*response.body(), format!("{seen}{signature}"), "{sent} signed as {signed}");
        }
    }
}
