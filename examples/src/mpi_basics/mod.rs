//! Examples of message passing, used by the programs `hello`, `send_recv`, `bcast`,
//! `scatter_gather` and `integral`.
//!
//! Each function works on any number of ranks, including one, and is collective over its
//! communicator.

mod amdahl;
mod broadcast;
mod chunks;
mod halo;
mod integral;
mod latency;
mod ring;
mod timing;

pub use amdahl::{Amdahl, Gustafson};
pub use broadcast::{broadcast_by_messages, broadcast_text, broadcast_vec};
pub use chunks::{chunk, gather_chunks, layout, scatter_chunks};
pub use halo::Ring;
pub use integral::{Interval, farm, on_ranks, on_threads};
pub use latency::{PingPong, ping_pong};
pub use ring::{
    Deadlock, Neighbours, eager_sends, exchange, exchange_immediate, pass_token, show_deadlock,
    two_tags,
};
pub use timing::{median, median_time, wait_quietly};
