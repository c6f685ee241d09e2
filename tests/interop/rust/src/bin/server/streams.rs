//! The handlers of streams.

use interop_peer::generated::interop::{CountRequest, Item, Number, SumResponse};
use interop_peer::pattern;
use ttrpc::Result;
use ttrpc::r#async::{ServerStream, ServerStreamReceiver, ServerStreamSender, TtrpcContext};

use crate::call;

pub async fn count(ctx: &TtrpcContext, req: CountRequest, out: ServerStreamSender<Item>) -> Result<()> {
    for seq in 0.. {
        if req.fail_code != 0 && seq == req.fail_after {
            return Err(call::failure(req.fail_code, &req.fail_message));
        }
        if seq == req.n {
            break;
        }
        call::wait(req.delay_ms).await;
        let mut item = Item {
            seq: seq.into(),
            payload: pattern(seq as usize, req.payload_size as usize),
            ..Default::default()
        };
        if req.report && seq == 0 {
            report(ctx, &mut item);
        }
        out.send(&item).await?;
    }
    Ok(())
}

pub async fn from_empty(out: ServerStreamSender<Item>) -> Result<()> {
    for (seq, text) in [(1, "one"), (2, "two"), (3, "three")] {
        out.send(&Item { seq, text: text.to_string(), ..Default::default() }).await?;
    }
    Ok(())
}

pub async fn sum(mut numbers: ServerStreamReceiver<Number>) -> Result<SumResponse> {
    let mut reply = SumResponse::default();
    while let Some(number) = numbers.recv().await? {
        call::wait(number.delay_ms).await;
        if number.fail_code != 0 {
            return Err(call::failure(number.fail_code, &number.fail_message));
        }
        reply.sum += number.value;
        reply.count += 1;
        reply.bytes += number.payload.len() as u64;
        if number.end {
            break;
        }
    }
    Ok(reply)
}

pub async fn chat(ctx: &TtrpcContext, mut stream: ServerStream<Item, Item>) -> Result<()> {
    let mut held = Vec::new();
    while let Some(mut item) = stream.recv().await? {
        call::wait(item.delay_ms).await;
        if item.fail_code != 0 {
            return Err(call::failure(item.fail_code, &item.text));
        }
        if item.report {
            report(ctx, &mut item);
        }
        if item.hold {
            held.push(item);
            continue;
        }
        stream.send(&item).await?;
        if item.end {
            return Ok(());
        }
    }
    for item in &held {
        stream.send(item).await?;
    }
    Ok(())
}

fn report(ctx: &TtrpcContext, item: &mut Item) {
    item.metadata = call::metadata(ctx);
    item.timeout_nano = ctx.timeout_nano;
}
