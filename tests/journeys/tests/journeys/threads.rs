//! A thread is a conversation of its own.

use tidings_journeys::{Seat, World};
use tidings_model::{Delivery, Draft, EventId, RoomId, Target};

/// A message that was answered in a thread by Priya, in an encrypted room of hers and Marta's.
async fn answered(world: &World) -> (Seat, Seat, RoomId, EventId) {
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let room = world.encrypted_group("Pier", &[&priya, &marta]);
    let (hers, tower) = (priya.signed_in().await, marta.signed_in().await);
    let (his, mine) = (hers.opens_encrypted(&room).await, tower.opens_encrypted(&room).await);
    mine.sends("who has the plan?").await;
    let root = his.sees("who has the plan?").await.event.unwrap();
    his.opens_thread(&root).await.sends("I have").await;
    mine.sees_with("who has the plan?", "with an answer", |message| {
        message.thread.as_ref().is_some_and(|thread| (thread.replies, thread.unread) == (1, 1))
    })
    .await;
    (hers, tower, room, root)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_talk_in_a_thread_and_the_chat_stays_as_it_is() {
    let world = World::new();
    let (hers, tower, room, root) = answered(&world).await;
    let (his, mine) = (hers.opens(&room).await, tower.opens(&room).await);
    let (there, here) = (his.opens_thread(&root).await, mine.opens_thread(&root).await);
    here.shows(&["who has the plan?", "I have"]).await;
    here.sends("send it over").await;
    here.delivers("send it over", &Delivery::Sent).await;
    there.shows(&["who has the plan?", "I have", "send it over"]).await;
    // An answer to one message of it stays in it.
    let first = there.sees("I have").await.event.unwrap();
    let draft = Draft {
        text: "this one".to_owned(),
        reply_to: Some(first.clone()),
        thread: Some(root.clone()),
        mentions: Vec::new(),
    };
    there.sends_draft(draft).await;
    let answer = here.sees("this one").await;
    assert_eq!(answer.reply.map(|quote| (quote.event, quote.text)), Some((first, "I have".to_owned())));
    assert_eq!(here.sees("send it over").await.reply, None, "for clients without threads only");
    mine.shows(&["who has the plan?"]).await;
    his.shows(&["who has the plan?"]).await;
    tower.restarts().await;
    let again = tower.opens(&room).await;
    again.shows(&["who has the plan?"]).await;
    again.opens_thread(&root).await.shows(&["who has the plan?", "I have", "send it over", "this one"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_is_unread_until_it_was_looked_at_on_any_computer() {
    let world = World::new();
    let (_hers, tower, room, root) = answered(&world).await;
    let laptop = tower.signed_in().await;
    tower.until_row(&room, "one unread", |row| (row.unread == 1).then_some(())).await;
    // What stands in the chat is read; the answer was not seen.
    let mine = tower.opens(&room).await;
    mine.reads(&root).await;
    let unread = mine.until("the thread as unread", |view| view.header.as_ref()?.unread_thread.clone()).await;
    assert_eq!((unread.root, unread.replies), (root.clone(), 1));
    assert_eq!(mine.now().header.unwrap().unread, 0, "nothing more by scrolling");
    tower.until_row(&room, "still one unread", |row| (row.unread == 1).then_some(())).await;
    let thread = mine.opens_thread(&root).await;
    let last = thread.sees("I have").await.event.unwrap();
    thread.reads(&last).await;
    for seat in [&tower, &laptop] {
        seat.until_row(&room, "nothing unread", |row| (row.unread == 0).then_some(())).await;
    }
    mine.until("no thread unread", |view| view.header.as_ref()?.unread_thread.is_none().then_some(())).await;
    mine.sees_with("who has the plan?", "read", |message| message.thread.as_ref().is_some_and(|t| t.unread == 0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_and_its_threads_keep_what_lies_in_their_composers() {
    let world = World::new();
    let (_hers, tower, room, root) = answered(&world).await;
    let mine = tower.opens(&room).await;
    mine.drafts("to everybody").await;
    mine.opens_thread(&root).await.drafts("in the thread").await;
    let account = tower.account();
    tower.engine().save_draft(account, room.clone(), None, "an answer".to_owned(), Some(root.clone())).await.unwrap();
    tower.restarts().await;
    let again = tower.opens(&room).await;
    let draft = again.now().draft;
    assert_eq!(draft.text, "an answer");
    assert_eq!(
        draft.reply_to.map(|quote| (quote.event, quote.text)),
        Some((root.clone(), "who has the plan?".to_owned()))
    );
    assert_eq!(again.opens_thread(&root).await.now().draft.text, "in the thread");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_gone_to_inside_its_thread() {
    let world = World::new();
    let (_hers, tower, room, root) = answered(&world).await;
    let mine = tower.opens(&room).await;
    let thread = mine.opens_thread(&root).await;
    let reply = thread.sees("I have").await.event.unwrap();
    thread.jumps_to(Target::Event { event: reply }).await.unwrap();
    assert_eq!(thread.now().landed_at().as_deref(), Some("I have"));
    assert!(thread.jumps_to(Target::Event { event: EventId::from("$elsewhere") }).await.is_err());
}
