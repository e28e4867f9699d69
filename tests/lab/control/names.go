package control

import (
	"net"
	"strings"

	"github.com/miekg/dns"
	"istio.io/istio/pkg/test"
)

// serveNames answers DNS questions on a UDP address until the test ends, and returns the address it got.
func serveNames(t test.Failer, address string, names map[string]string) string {
	packets, err := net.ListenPacket("udp", address)
	if err != nil {
		t.Fatal(err)
	}
	ServeNames(t, packets, names)
	return packets.LocalAddr().String()
}

// ServeNames answers DNS questions until the test ends.
func ServeNames(t test.Failer, packets net.PacketConn, names map[string]string) {
	server := &dns.Server{PacketConn: packets, Handler: dns.HandlerFunc(func(out dns.ResponseWriter, question *dns.Msg) {
		_ = out.WriteMsg(answer(question, names))
	})}
	go func() { _ = server.ActivateAndServe() }()
	t.Cleanup(func() { _ = server.Shutdown() })
}

func answer(question *dns.Msg, names map[string]string) *dns.Msg {
	reply := new(dns.Msg)
	reply.SetReply(question)
	name := question.Question[0].Name
	ip, known := names[strings.TrimSuffix(name, ".")]
	if !known {
		reply.Rcode = dns.RcodeNameError
		return reply
	}
	if question.Question[0].Qtype == dns.TypeA {
		reply.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 60}, A: net.ParseIP(ip)}}
	}
	return reply
}
