mkdir -p out/us-1/istio-system
touch out/us-1/istio-system/EastWest-Gateway.yaml
meshfedc build
