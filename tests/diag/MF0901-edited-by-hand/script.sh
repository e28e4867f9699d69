meshfedc build 2> /dev/null
sed -i 's/number: 9000/number: 9001/' out/eu-1/payments/pay.shop.internal.yaml
meshfedc build
