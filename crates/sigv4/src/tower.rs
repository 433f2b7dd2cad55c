//! A [`tower_layer::Layer`] that lets only signed requests through to a service, and tells it who signed.
//!
//! [`AuthenticateLayer`] wraps any `Service<http::Request<VerifiedBody<B>>>`. For each request it goes through AWS's
//! order of checks, asks your [`Keys`] for the secret of the access key, and then either calls the service, with
//! [`Caller`] in the request's extensions, or gives the answer that your [`Answer`] makes of the [`Rejection`].
//!
//! ```
//! use daypass_sigv4::{AuthError, tower::{AuthenticateLayer, Caller, Key, KeyError, Keys, VerifiedBody}};
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::{Layer, Service, ServiceExt, service_fn};
//!
//! struct OneKey;
//!
//! impl Keys for OneKey {
//!     type Caller = &'static str;
//!
//!     async fn find(&self, id: &str, _token: Option<&str>) -> Result<Key<&'static str>, KeyError> {
//!         match id {
//!             "AKIDEXAMPLE" => Ok(Key::long_term("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "alice")),
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
//! The signature covers a hash of the body. A request that names the hash in `x-amz-content-sha256` is verified at
//! once and its body streams through [`VerifiedBody`], which fails at its end if it was another; what came before
//! the end is not proved until then. Of any other request the body is held in memory, up to
//! [`buffer_limit`](AuthenticateLayer::buffer_limit), before the service sees anything of it.

mod answer;
mod body;
mod keys;
mod layer;
mod payload;
mod rejection;
mod service;

pub use answer::{Answer, QueryErrors};
pub use body::{BodyMismatch, VerifiedBody};
pub use keys::{Caller, Key, KeyError, Keys};
pub use layer::AuthenticateLayer;
pub use rejection::Rejection;
pub use service::Authenticate;

/// Any error, as bodies of HTTP messages give them.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
