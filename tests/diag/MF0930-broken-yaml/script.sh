meshfedc build 2>/dev/null
printf 'x: &a [*a]\n' >> out/eu-1/istio-system/mesh.yaml
cp out/us-1/istio-system/mesh.yaml out/us-1/istio-system/eastwest-gateway.yaml
printf -- '---\n- a list\n' > out/us-1/payments/pay.shop.internal.yaml
meshfedc diff
