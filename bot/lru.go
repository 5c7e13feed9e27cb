package bot

import "container/list"

// lru is a map that forgets what was used longest ago. It is for one goroutine at a time.
type lru[K comparable, V any] struct {
	max   int
	order *list.List // of entry[K, V], the latest first
	index map[K]*list.Element
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

func newLRU[K comparable, V any](size int) *lru[K, V] {
	return &lru[K, V]{max: size, order: list.New(), index: make(map[K]*list.Element)}
}

func (l *lru[K, V]) get(key K) (value V, ok bool) {
	at, ok := l.index[key]
	if !ok {
		return value, false
	}
	l.order.MoveToFront(at)
	return at.Value.(*entry[K, V]).value, true
}

// put stores the value. When another had to go for it, that one is given back.
func (l *lru[K, V]) put(key K, value V) (gone *entry[K, V]) {
	if at, ok := l.index[key]; ok {
		at.Value.(*entry[K, V]).value = value
		l.order.MoveToFront(at)
		return nil
	}
	l.index[key] = l.order.PushFront(&entry[K, V]{key, value})
	if l.order.Len() <= l.max {
		return nil
	}
	last := l.order.Back().Value.(*entry[K, V])
	l.drop(last.key)
	return last
}

func (l *lru[K, V]) drop(key K) {
	if at, ok := l.index[key]; ok {
		l.order.Remove(at)
		delete(l.index, key)
	}
}
