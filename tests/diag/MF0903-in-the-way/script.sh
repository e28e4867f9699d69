mkdir -p out shared
ln -s ../shared out/eu-1
mkdir -p out/us-1/payments/pay.shop.internal.yaml
meshfedc build
