package scratch_test

import (
	"testing"

	"meshfedc/scratch/procedure"
)

const egressGateway = "egress-gateway"

// egress lets only the egress gateway of east out, and takes it back in the end.
func egress(t *testing.T, w *world) {
	t.Cleanup(func() { w.must(t, procedure.Federate(w.ctx, w.East, w.Direct)) })
	open := w.closeFirewall(t)
	defer open()
	w.expect(t, soon, "of east only", func(answers procedure.Answers) bool { return answers[w.West.Name] == 0 && answers[w.East.Name] > 0 })
	w.gatewayIsLate(t)

	// In the order that `meshfedc requirements` asks for.
	w.must(t, procedure.FederateOnly(w.ctx, w.East, w.Egress, egressGateway))
	w.must(t, procedure.Programmed(w.ctx, w.East, egressGateway))
	w.must(t, procedure.Available(w.ctx, w.East, "istio-system", egressGateway+"-istio"))
	pods, err := procedure.Pods(w.ctx, w.East, "istio-system", "gateway.networking.k8s.io/gateway-name="+egressGateway)
	if err != nil || len(pods) != 1 {
		t.Fatal(len(pods), err)
	}
	w.must(t, w.East.Node.Run("iptables", "-I", "FORWARD", "-s", pods[0].Status.PodIP, "-d", gateway, "-j", "ACCEPT"))
	w.must(t, procedure.Federate(w.ctx, w.East, w.Egress))
	w.renewCaller(t)
	w.expectBoth(t, soon)

	w.must(t, procedure.Scale(w.ctx, w.East, "httpbin", "httpbin", 0))
	w.expectOnly(t, w.West, soon)
	w.must(t, procedure.Scale(w.ctx, w.East, "httpbin", "httpbin", 1))
	w.renewCaller(t)
	w.expectBoth(t, soon)
	w.refusedNothing(t, w.agentLog(t, "sleep_"+w.callerPod(t)))
	w.refusedNothing(t, w.agentLog(t, "istio-system_"+egressGateway+"-istio-*"))
}

// gatewayIsLate applies all but the Gateway that the requirements name. istiod finds no Service of its name, so that one endpoint
// of the host has no address, and Envoys refuse all of them: a new pod reaches not even the local one.
func (w *world) gatewayIsLate(t *testing.T) {
	w.must(t, procedure.FederateWithout(w.ctx, w.East, w.Egress, egressGateway))
	w.renewCaller(t)
	w.expect(t, soon, "missing", w.none)
	w.must(t, procedure.Federate(w.ctx, w.East, w.Direct))
}

func (w *world) none(answers procedure.Answers) bool {
	return answers[w.West.Name]+answers[w.East.Name] == 0
}
