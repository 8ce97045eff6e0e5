use store::Writing;
use store::idempotency::{self, Claim};
use store::ids::ActorId;
use web::{Asker, Form, House, Problem};

/// Does what a form asks, once: a second tap of the same form gets the first one's answer and makes nothing. The
/// answer is whatever the page needs to go on, such as the id of what was made. `work` journals what it does.
///
/// # Errors
/// Whatever the work answers; [`Problem::sent_twice`] when the form's key was used for something else.
pub async fn once<E>(
    house: &House,
    asker: &Asker,
    form: &Form,
    work: impl FnMut(&mut Writing<'_>) -> Result<String, E> + Send + 'static,
) -> Result<String, Problem>
where
    E: Into<Problem> + 'static,
{
    once_for(house, asker, form, None, work).await
}

/// As [`once`], for a member without an account on whose behalf a coordinator writes.
///
/// # Errors
/// As [`once`].
pub async fn once_for<E>(
    house: &House,
    asker: &Asker,
    form: &Form,
    on_behalf_of: Option<ActorId>,
    mut work: impl FnMut(&mut Writing<'_>) -> Result<String, E> + Send + 'static,
) -> Result<String, Problem>
where
    E: Into<Problem> + 'static,
{
    let mut acting = asker.acting();
    acting.on_behalf_of =
        on_behalf_of.filter(|member| asker.actor() != Some(*member)).or(acting.on_behalf_of);
    let key = form.fields.once().map(|key| format!("form/{key}"));
    let digest = form.fields.digest();
    let account = asker.viewer.account();
    house
        .write(&acting, move |w| {
            let (Some(key), Some(account)) = (&key, account) else {
                let answer = work(w).map_err(Into::into)?;
                return Ok::<_, Problem>(w.finished(answer)?);
            };
            match idempotency::claim(w, account, key, &digest)? {
                Claim::Answered { answer, .. } => return Ok(w.finished(answer)?),
                Claim::OtherRequest => return Err(Problem::sent_twice()),
                Claim::Fresh => {}
            }
            let answer = work(w).map_err(Into::into)?;
            idempotency::remember(w, account, key, &digest, 303, &answer)?;
            Ok(w.finished(answer)?)
        })
        .await
}
