#include "graph/names.hpp"

#include "fleet.hpp"
#include "unit/check/shop.hpp"

using namespace meshfed;
using graph::Kind;
using graph::Named;

namespace {

const std::vector<Named> kNames = {
    {Kind::mesh, "east"},    {Kind::mesh, "west"},      {Kind::network, "south"},  {Kind::network, "west"},
    {Kind::cluster, "east"}, {Kind::cluster, "west-1"}, {Kind::export_, "orders"}, {Kind::host, "orders.mesh.global"}};

struct Answer {
  std::optional<Named> found;
  std::string said;  // message and help
};

Answer ask(const std::string& word) {
  diag::Sink sink;
  Answer answer{graph::find(kNames, word, sink), {}};
  for (const diag::Report& report : sink.reports())
    answer.said += diag::code_text(report.row->code) + ": " + report.message + "; " + report.help;
  return answer;
}

}  // namespace

TEST_CASE("a name means what has it, and a prefix says of which kind it is") {
  CHECK(ask("west-1").found == Named{Kind::cluster, "west-1"});
  CHECK(ask("orders.mesh.global").found == Named{Kind::host, "orders.mesh.global"});
  CHECK(ask("mesh:east").found == Named{Kind::mesh, "east"});
  CHECK(ask("cluster:east").found == Named{Kind::cluster, "east"});
  CHECK(ask("south").found == Named{Kind::network, "south"});
}

TEST_CASE("a network is meant by its bare name only if nothing else is") {
  CHECK(ask("west").found == Named{Kind::mesh, "west"});
  CHECK(ask("network:west").found == Named{Kind::network, "west"});
}

TEST_CASE("a name of several things is not guessed") {
  CHECK_FALSE(ask("east").found);
  CHECK(ask("east").said ==
        "MF1131: `east` is the name of a mesh and a cluster; say which is meant: `mesh:east` or `cluster:east`");
}

TEST_CASE("an unknown name is one report, with what could be meant") {
  CHECK(ask("wset-1").said ==
        "MF1130: no mesh, network, cluster, export or host is called `wset-1`; did you mean `west-1`?");
  CHECK(ask("export:odrers").said == "MF1130: no export is called `odrers`; did you mean `orders`?");
  CHECK(ask("mesh:xyzzy").said == "MF1130: no mesh is called `xyzzy`; declared names: east, west");
  CHECK(ask("x\x1b[31m").said.find('\x1b') == std::string::npos);
}

TEST_CASE("a federation's names are those of its tables, and of its hosts") {
  const check::Checked shop = testing::checked(testing::kShop + testing::kCart + "alias = [\"cart.example\"]\n");
  const std::vector<Named> names = graph::names_of(shop.resolved());
  CHECK(names == std::vector<Named>{{Kind::mesh, "berlin"},
                                    {Kind::mesh, "tokyo"},
                                    {Kind::network, "berlin-vpc"},
                                    {Kind::network, "tokyo-vpc"},
                                    {Kind::cluster, "berlin-1"},
                                    {Kind::cluster, "tokyo-1"},
                                    {Kind::export_, "cart"},
                                    {Kind::host, "cart.example"},
                                    {Kind::host, "cart.mesh.global"}});
  CHECK(graph::export_of(shop.resolved(), {Kind::host, "cart.example"}) == 0);
  CHECK(graph::export_of(shop.resolved(), {Kind::export_, "cart"}) == 0);
  CHECK(graph::export_of(shop.resolved(), {Kind::mesh, "tokyo"}) == model::kNone);
}
