package journal

import "time"

func (p *postgres) committed(puts int, took time.Duration) {}
func (p *postgres) started()                               {}
func (p *postgres) died()                                  {}
