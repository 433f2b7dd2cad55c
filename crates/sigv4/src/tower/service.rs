//! The service that the layer makes.

use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Response, Uri, request::Parts};
use http_body::Body;
use tower_service::Service;

use crate::{
    error::AuthError,
    key::SigningKey,
    query::{Plus, has_plus},
    scope::{ExpectedScope, Regions},
    stages::Presented,
    tower::{
        AccessKey, Answer, AuthenticateLayer, BoxError, Caller, Keys, Rejection, VerifiedBody,
        payload,
    },
};

/// A service that only signed requests reach: see the [module](crate::tower).
pub struct Authenticate<S, K, A> {
    pub(super) inner: S,
    pub(super) layer: AuthenticateLayer<K, A>,
}

impl<S, K, A, B, R> Service<Request<B>> for Authenticate<S, K, A>
where
    S: Service<Request<VerifiedBody<B>>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    K: Keys,
    A: Answer<R>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The one that was polled ready must be the one that is called.
        let another = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, another);
        let layer = self.layer.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match layer.authenticate(&parts, body).await {
                Ok((caller, body, target)) => {
                    parts.extensions.insert(caller);
                    if let Some(target) = target {
                        parts.uri = target;
                    }
                    inner.call(Request::from_parts(parts, body)).await
                }
                Err(rejection) => Ok(layer.answer.answer(&rejection, &parts)),
            }
        })
    }
}

impl<K: Keys, A> AuthenticateLayer<K, A> {
    /// Finds out who signed a request, in AWS's order, and the target that the service is to see, if it is not the one
    /// that was sent.
    async fn authenticate<B>(
        &self,
        parts: &Parts,
        body: B,
    ) -> Result<(Caller<K::Caller>, VerifiedBody<B>, Option<Uri>), Rejection>
    where
        B: Body,
        B::Error: Into<BoxError>,
    {
        let rules = &*self.rules;
        if !rules.profile.path_style.can_verify(parts.uri.path()) {
            return Err(Rejection::MalformedPath);
        }
        let request =
            crate::Request::from_parts(parts).profile(rules.profile).must_sign(rules.must_sign);
        let fresh = Presented::parse(&request)?.check_freshness((rules.clock)())?;

        let claimed = fresh.credential().region;
        let mut served = rules.regions.iter();
        // One that is refused is told the first.
        let region = served.find(|region| *region == claimed).or(rules.regions.first());
        let regions = region.map_or(Regions::AnyOf(&[]), |region| Regions::Only(region));
        let scoped = fresh.check_scope(&ExpectedScope { service: &rules.service, regions })?;

        // Only who has a key may make us hold a body.
        let found = self.keys.find(scoped.access_key_id(), scoped.security_token()).await?;
        let AccessKey { secret, caller, temporary } = found;
        let scope = scoped.credential();
        let key = SigningKey::derive(&secret, scope.date, scope.region, scope.service);
        // It is not needed while a slow body arrives.
        drop(secret);
        let (verified, body) = payload::verify(scoped, &key, body, rules.buffer_limit).await?;
        if !temporary && verified.security_token().is_some() {
            return Err(AuthError::TokenWithLongTermKey.into());
        }
        let target = without_bare_plus(&parts.uri, verified.plus())?;
        Ok((Caller(caller), body, target))
    }
}

/// The target of a request with each bare `+` of its query as what the signature says that it is, so that no decoder
/// behind the layer reads another value than the signed one. `None`: it has no bare `+`.
fn without_bare_plus(uri: &Uri, plus: Plus) -> Result<Option<Uri>, Rejection> {
    let Some(query) = uri.query().filter(|query| has_plus(query.as_bytes())) else {
        return Ok(None);
    };
    let target = format!("{}?{}", uri.path(), query.replace('+', plus.escape()));
    let mut parts = uri.clone().into_parts();
    // All that can be wrong with it is its length.
    parts.path_and_query = Some(target.try_into().map_err(|_| Rejection::TargetTooLong)?);
    Uri::from_parts(parts).map(Some).map_err(|_| Rejection::TargetTooLong)
}

impl<S: Clone, K, A> Clone for Authenticate<S, K, A> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), layer: self.layer.clone() }
    }
}

impl<S: fmt::Debug, K, A> fmt::Debug for Authenticate<S, K, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticate")
            .field("inner", &self.inner)
            .field("layer", &self.layer)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_has_room_for_its_pluses_or_is_refused() {
        // The `http` crate takes 65,534 bytes.
        for (count, fits) in [(21_000, true), (30_000, false)] {
            let target: Uri = format!("/?{}", "+".repeat(count)).parse().unwrap();
            let found = without_bare_plus(&target, Plus::Space);
            assert_eq!(found.is_ok(), fits, "{count}");
            let length = found.map(|target| target.map(|target| target.to_string().len()));
            assert_eq!(length.ok(), fits.then_some(Some(2 + 3 * count)), "{count}");
        }
    }
}
