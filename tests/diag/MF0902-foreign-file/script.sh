mkdir -p out/us-1/istio-system
echo 'kind: Gateway' > out/us-1/istio-system/eastwest-gateway.yaml
meshfedc build
