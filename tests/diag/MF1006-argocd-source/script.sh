export ARGOCD_APP_NAME=mesh-tokyo-1 PARAM_CLUSTER=berlin-1
meshfedc cmp generate --application 'mesh-{cluster}'
