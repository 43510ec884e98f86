package docker

import "context"

// buildProgress is how far a build is: so much of it is the sending of the
// context, and each step an equal share of the rest, whatever time it takes.
type buildProgress struct {
	sent, total int64 // bytes of the context's files
	step, steps int   // the one that runs, from 1, and how many there are; 0 before
	moved       int64 // bytes of base images that were pulled for steps that are over
}

// sending is what the context's way to the engine counts, in percent of a build.
const sending = 10.0

// progress is the state; pull is of the step that runs.
func (p *buildProgress) progress(pull *layers) Progress {
	whole := pull.progress()
	whole.Current += p.sent + p.moved
	whole.Total += p.total + p.moved
	switch {
	case p.step > 0:
		share := (nearly - sending) / float64(p.steps)
		whole.Percent = sending + share*(float64(p.step-1)+whole.Percent/100)
	case p.total > 0:
		whole.Percent = sending * float64(p.sent) / float64(p.total)
	}
	return whole
}

// begin begins a step. What only looks like the head of one, in what a step
// prints, is mostly out of order and does not count.
func (p *buildProgress) begin(step, of int, pull *layers) bool {
	if step != p.step+1 || p.steps != 0 && of != p.steps {
		return false
	}
	p.moved += pull.progress().Total
	p.step, p.steps = step, of
	*pull = layers{}
	return true
}

// measure finds out how much there is to send, and has it told while it is sent.
func (b *build) measure(ctx context.Context, c *buildContext) error {
	total, err := c.size(ctx, func(path string) {
		text := path + " is not sent: sockets, pipes and devices have no place in an image"
		b.addWarning(text)
		b.warn(text)
	})
	b.total = total
	c.sent = func(bytes int) {
		b.transfer.change(func() {
			b.sent += int64(bytes)
			b.total = max(b.total, b.sent) // files grow
		})
	}
	return err
}
