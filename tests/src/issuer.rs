use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use daypass_federation::oidc::Algorithm;
use daypass_federation::oidc::sign::{Jwks, SigningKey};
use daypass_ident::{Clock, SystemClock};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::World;

/// An OpenID Connect provider of a test's own, on this machine: it publishes its metadata and its
/// key, and signs what it is told to. It stops when it is dropped.
#[derive(Debug)]
pub struct Issuer {
    /// The `iss` of its tokens.
    pub url: String,
    published: Arc<Mutex<Published>>,
    serving: JoinHandle<()>,
}

#[derive(Debug)]
struct Published {
    key: Arc<SigningKey>,
    /// The paths that were asked for.
    asked: Vec<String>,
    answers: bool,
}

impl Issuer {
    /// Starts one with a key named `key-1`.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let key = Arc::new(SigningKey::generate("key-1", Algorithm::Rs256).unwrap());
        let published = Published { key, asked: Vec::new(), answers: true };
        let published = Arc::new(Mutex::new(published));
        let serving = tokio::spawn(serve(listener, url.clone(), Arc::clone(&published)));
        Self { url, published, serving }
    }

    /// What condition keys begin with, and the provider's ARN ends with.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// Registers it in the account of a world, for the client `app`. Answers its ARN.
    pub async fn register(&self, world: &World) -> String {
        let iam = world.iam(&world.root());
        let call = iam.create_open_id_connect_provider().url(&self.url).client_id_list("app");
        call.send().await.unwrap().open_id_connect_provider_arn.unwrap()
    }

    /// A good token for `app`, with these claims added or in the place of its own.
    #[must_use]
    pub fn token(&self, claims: Value) -> String {
        self.key().sign(&self.claims(claims)).unwrap()
    }

    /// What [`token`](Self::token) signs.
    #[must_use]
    pub fn claims(&self, changes: Value) -> Value {
        let now = SystemClock.now().secs();
        let mut claims = json!({
            "iss": self.url, "sub": "user-1", "aud": "app", "iat": now, "exp": now + 600,
        });
        let Value::Object(changes) = changes else { panic!("claims are an object") };
        claims.as_object_mut().unwrap().extend(changes);
        claims
    }

    /// The key that it signs with.
    #[must_use]
    pub fn key(&self) -> Arc<SigningKey> {
        Arc::clone(&self.lock().key)
    }

    /// From now on it answers nothing but 503.
    pub fn fail(&self) {
        self.lock().answers = false;
    }

    /// The paths that were asked for so far.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.lock().asked.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Published> {
        self.published.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, url: String, published: Arc<Mutex<Published>>) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let Some(path) = path(&mut stream).await else { continue };
        let answer = answer(&path, &url, &mut published.lock().unwrap());
        // A client may have gone away.
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

fn answer(path: &str, url: &str, published: &mut Published) -> String {
    published.asked.push(path.to_owned());
    let document = match path {
        "/.well-known/openid-configuration" => json!({
            "issuer": url,
            "jwks_uri": format!("{url}/keys"),
            "claims_supported": ["sub", "aud"],
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }),
        "/keys" => serde_json::to_value([&*published.key].into_iter().collect::<Jwks>()).unwrap(),
        _ => Value::Null,
    };
    let status = match (published.answers, &document) {
        (false, _) => "503 Service Unavailable",
        (true, Value::Null) => "404 Not Found",
        (true, _) => "200 OK",
    };
    let body = document.to_string();
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

/// The path of a request; `None` if there is none.
async fn path(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(request).ok()?.split(' ').nth(1).map(str::to_owned)
}
