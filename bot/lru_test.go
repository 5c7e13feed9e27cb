package bot

import "testing"

func TestLRUForgetsTheOldest(t *testing.T) {
	l := newLRU[string, int](2)
	l.put("a", 1)
	l.put("b", 2)
	if _, ok := l.get("a"); !ok {
		t.Fatal("a is gone")
	}
	if gone := l.put("c", 3); gone == nil || gone.key != "b" || gone.value != 2 {
		t.Errorf("gone: %+v, want b, which was used longest ago", gone)
	}
	if gone := l.put("a", 4); gone != nil {
		t.Errorf("a new value pushed out %+v", gone)
	}
	if v, ok := l.get("a"); !ok || v != 4 {
		t.Errorf("a is %d, %v", v, ok)
	}
	l.drop("a")
	l.drop("never there")
	if _, ok := l.get("a"); ok || l.order.Len() != 1 || len(l.index) != 1 {
		t.Errorf("after dropping: %d, %d", l.order.Len(), len(l.index))
	}
}
