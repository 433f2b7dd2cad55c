//! A [`tower_layer::Layer`] that lets only signed requests through to a service, and tells it who signed.
//!
//! [`AuthenticateLayer`] wraps any `Service<http::Request<VerifiedBody<B>>>`. For each request it goes through AWS's
//! order of checks, asks your [`Keys`] for the secret of the access key, and then either calls the service, with
//! [`Caller`] in the request's extensions, or gives the answer that your [`Answer`] makes of the [`Rejection`].
//!
//! ```
//! use daypass_sigv4::{AuthError, tower::{AuthenticateLayer, AccessKey, Caller, KeyError, Keys, VerifiedBody}};
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::{Layer, Service, ServiceExt, service_fn};
//!
//! struct OneKey;
//!
//! impl Keys for OneKey {
//!     type Caller = &'static str;
//!
//!     async fn find(&self, id: &str, _token: Option<&str>) -> Result<AccessKey<&'static str>, KeyError> {
//!         match id {
//!             "AKIDEXAMPLE" => Ok(AccessKey::long_term("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "alice")),
//!             _ => Err(AuthError::UnknownKey.into()),
//!         }
//!     }
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let hello = service_fn(async |request: Request<VerifiedBody<Full<&[u8]>>>| {
//!     let Some(Caller(name)) = request.extensions().get::<Caller<&str>>() else {
//!         unreachable!("the layer sets it");
//!     };
//!     Ok::<_, std::convert::Infallible>(Response::new(format!("hello {name}")))
//! });
//! let protected = AuthenticateLayer::new(OneKey, "service", ["us-east-1"])
//!     .clock(|| 1_440_938_160)                    // without this line, the system's clock
//!     .layer(hello);
//!
//! let signed = Request::get("/")
//!     .header("Host", "example.amazonaws.com")
//!     .header("X-Amz-Date", "20150830T123600Z")
//!     .header(
//!         "Authorization",
//!         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
//!          SignedHeaders=host;x-amz-date, \
//!          Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
//!     )
//!     .body(Full::default())?;
//! assert_eq!(protected.clone().oneshot(signed).await?.into_body(), "hello alice");
//!
//! let unsigned = Request::get("/").body(Full::default())?;
//! assert_eq!(protected.oneshot(unsigned).await?.status(), 403);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! # Bodies
//!
//! The signature covers the hash of the body. Which bodies must be held in memory for that, up to
//! [`buffer_limit`](AuthenticateLayer::buffer_limit), is a matter of the [`Profile`](crate::Profile) and the request:
//!
//! | the request | the body |
//! |---|---|
//! | says nothing of its body, or the profile is [`QUERY`](crate::Profile::QUERY) | is held and hashed before the service sees anything |
//! | has its hash in `x-amz-content-sha256` | streams, is hashed on the way, and fails at its end if it was another |
//! | has one of the `STREAMING-…` forms there, and the profile takes them | streams; each chunk is verified before it is seen |
//! | has `UNSIGNED-PAYLOAD` there, and the profile takes it | streams; nobody vouches for it |
//!
//! # Queries
//!
//! A `+` in a query is signed as itself by some clients and as a space by others (see [`Plus`](crate::Plus)). In the
//! request that the service sees, each stands as `%2B` or `%20`, whichever the signature covers, so that every decoder
//! reads the value that was signed.
//!
//! # Headers
//!
//! The headers stay as they were sent: of an aws-chunked body, `content-length` is that of the encoding.

mod answer;
mod body;
mod keys;
mod layer;
mod payload;
mod rejection;
mod service;

pub use answer::{Answer, QueryErrors};
pub use body::VerifiedBody;
pub use keys::{AccessKey, Caller, KeyError, Keys};
pub use layer::AuthenticateLayer;
pub use rejection::Rejection;
pub use service::Authenticate;

/// Any error, as bodies of HTTP messages give them.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
