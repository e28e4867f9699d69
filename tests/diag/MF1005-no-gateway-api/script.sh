export KUBE_API_VERSIONS=v1,v1/Service,networking.istio.io/v1,security.istio.io/v1
PARAM_CLUSTER=berlin-1 meshfedc cmp generate
