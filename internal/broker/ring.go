package broker

// ring is a queue in one circular array that grows by doubling.
type ring[T any] struct {
	items []T // its length is a power of two
	first int
	n     int
}

func (r *ring[T]) len() int { return r.n }

// at is the i-th item, from the oldest, which is 0.
func (r *ring[T]) at(i int) *T { return &r.items[(r.first+i)&(len(r.items)-1)] }

func (r *ring[T]) push(v T) {
	if r.n == len(r.items) {
		bigger := make([]T, max(1, 2*r.n))
		k := copy(bigger, r.items[r.first:])
		copy(bigger[k:], r.items[:r.first])
		r.items, r.first = bigger, 0
	}
	r.n++
	*r.at(r.n - 1) = v
}

// pop removes the oldest item. An emptied ring gives its array back.
func (r *ring[T]) pop() T {
	oldest := r.at(0)
	v := *oldest
	*oldest = *new(T)
	r.first = (r.first + 1) & (len(r.items) - 1)
	if r.n--; r.n == 0 {
		*r = ring[T]{}
	}
	return v
}
