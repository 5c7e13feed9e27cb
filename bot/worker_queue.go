package bot

import "slices"

// queue is first in, first out. Its memory follows what it holds. The zero queue is empty.
type queue[T any] struct {
	items []T
	head  int
}

func (q *queue[T]) len() int { return len(q.items) - q.head }

func (q *queue[T]) push(v T) { q.items = append(q.items, v) }

// first gives the oldest item, which must exist.
func (q *queue[T]) first() T { return q.items[q.head] }

// index gives the place of the first item, counted from the oldest, that is meant; -1 when none is.
func (q *queue[T]) index(meant func(T) bool) int { return slices.IndexFunc(q.items[q.head:], meant) }

// remove takes the item at a place out.
func (q *queue[T]) remove(at int) T {
	v := q.items[q.head+at]
	q.items = slices.Delete(q.items, q.head+at, q.head+at+1)
	return v
}

// pop takes the oldest item out, which must exist.
func (q *queue[T]) pop() T {
	var none T
	v := q.items[q.head]
	q.items[q.head] = none
	q.head++
	switch {
	case q.head == len(q.items):
		q.items, q.head = q.items[:0], 0
	case q.head > 32 && q.head > len(q.items)/2:
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	return v
}
