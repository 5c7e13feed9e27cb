package bot

import "time"

// onSocket acknowledges on the socket that an envelope came from and, should that be gone, on the newest one. Whether
// Slack takes it there is not documented; official SDKs do it so.
type onSocket struct {
	listener *listener
	socket   *socket
}

func (o onSocket) acknowledge(id string, payload any, received time.Time) {
	l := o.listener
	text, err := encodeAck(id, payload)
	if err != nil {
		l.metrics.acksLost.WithLabelValues("payload").Inc()
		l.log.Error().Err(err).Str("envelope", loggable(id)).Msg("an answer was dropped from an acknowledgement")
	}
	if err := o.send(text); err != nil {
		l.metrics.acksLost.WithLabelValues("socket").Inc()
		l.log.Error().Err(err).Str("envelope", loggable(id)).Msg("acknowledgement lost")
		return
	}
	l.metrics.acks.Observe(time.Since(received).Seconds())
}

func (o onSocket) send(text []byte) error {
	err := o.socket.send(text)
	if err == nil {
		return nil
	}
	if other := o.listener.newest(o.socket); other != nil {
		return other.send(text)
	}
	return err
}
