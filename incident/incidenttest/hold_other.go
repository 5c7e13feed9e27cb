//go:build !unix

package incidenttest

import "net"

// hold gives what listens at an address again. The address is not kept meanwhile.
func hold(addr string) func() (net.Listener, error) {
	return func() (net.Listener, error) { return net.Listen("tcp", addr) }
}
