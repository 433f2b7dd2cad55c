//! A service of one's own that only the holders of access keys can use. It answers who called, and how long the body was.
//!
//! ```console
//! $ cargo run -p daypass-sigv4 --example protected_service
//! listening on http://127.0.0.1:8080
//! ```
//!
//! curl can sign, without any configuration; so can every AWS SDK that is given this address as its endpoint:
//!
//! ```console
//! $ curl --aws-sigv4 aws:amz:us-east-1:notes --user AKIDALICE:wonderland http://127.0.0.1:8080/notes
//! GET /notes by alice, 0 bytes
//! $ curl --aws-sigv4 aws:amz:us-east-1:notes --user AKIDALICE:wonderland http://127.0.0.1:8080/notes --data 'tea at six'
//! POST /notes by alice, 10 bytes
//! $ curl --aws-sigv4 aws:amz:us-east-1:notes --user AKIDALICE:wrong http://127.0.0.1:8080/notes
//! <ErrorResponse>
//!   <Error>
//!     <Type>Sender</Type>
//!     <Code>SignatureDoesNotMatch</Code>
//! …
//! $ curl --header 'Accept: application/json' http://127.0.0.1:8080/notes
//! {"Error":{"Code":"MissingAuthenticationToken","Message":"Request is missing Authentication Token","Type":"Sender"}}
//! ```
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it speaks to whoever tries it out")]

use std::{convert::Infallible, error::Error, net::SocketAddr, sync::Arc};

use daypass_sigv4::{
    AuthError, Profile,
    tower::{AccessKey, AuthenticateLayer, BoxError, Caller, KeyError, Keys, VerifiedBody},
};
use http_body_util::BodyExt;
use hyper::{Request, Response, StatusCode, body::Incoming, server::conn::http1};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::net::TcpListener;
use tower::{Layer, service_fn};

/// The keys. A real service would look into its database here, and `await` that.
struct Guests;

/// What the service wants to know of its callers. It is cloned for each request.
#[derive(Clone)]
struct Guest {
    name: Arc<str>,
}

impl Keys for Guests {
    type Caller = Guest;

    async fn find(&self, id: &str, _token: Option<&str>) -> Result<AccessKey<Guest>, KeyError> {
        let (secret, name) = match id {
            "AKIDALICE" => ("wonderland", "alice"),
            "AKIDBOB" => ("the-builder", "bob"),
            _ => return Err(AuthError::UnknownKey.into()),
        };
        Ok(AccessKey::long_term(secret, Guest { name: name.into() }))
    }
}

/// Here everybody is known already, and every byte of the body is theirs.
async fn answer(request: Request<VerifiedBody<Incoming>>) -> Result<Response<String>, Infallible> {
    let caller = request.extensions().get::<Caller<Guest>>().map(|Caller(guest)| guest.clone());
    let line = format!("{} {}", request.method(), request.uri().path());
    let name = caller.map_or_else(|| "nobody".into(), |guest| guest.name);
    Ok(match length(request.into_body()).await {
        Ok(bytes) => Response::new(format!("{line} by {name}, {bytes} bytes\n")),
        Err(error) => {
            let mut response = Response::new(format!("{error}\n"));
            *response.status_mut() = StatusCode::BAD_REQUEST;
            response
        }
    })
}

/// Reads a body piece by piece. It fails at the end if it was not the one that was signed.
async fn length(mut body: VerifiedBody<Incoming>) -> Result<usize, BoxError> {
    let mut bytes = 0;
    while let Some(frame) = body.frame().await {
        bytes += frame?.data_ref().map_or(0, |data| data.len());
    }
    Ok(bytes)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 8080))).await?;
    let profile = Profile { mismatch: daypass_sigv4::MismatchText::Short, ..Profile::REST };
    let layer = AuthenticateLayer::new(Guests, "notes", ["us-east-1"]).profile(profile);
    let service = layer.layer(service_fn(answer));
    println!("listening on http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(service.clone());
        tokio::spawn(async move {
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            if let Err(error) = connection.await {
                eprintln!("{error}");
            }
        });
    }
}
