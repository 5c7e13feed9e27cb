package bot

import (
	"context"
	"time"
)

// decode is the whole way from a frame's text to a Delivery.
func decode(raw []byte, received time.Time) (Delivery, verdict, error) {
	f, err := parseFrame(raw)
	if err != nil {
		return Delivery{}, verdict{}, err
	}
	d, v := f.delivery(received)
	return d, v, nil
}

// acting is the act of a delivery that is in an inbox of its own.
func acting(d Delivery) *act {
	if d.Received.IsZero() {
		d.Received = time.Now()
	}
	in := newMemory(time.Now, 1)
	e := Entry{Key: "act"}
	if _, err := in.Put(context.Background(), &e); err != nil {
		panic(err)
	}
	return newAct(d, e.ID, "T1/C1", in)
}
