#include "ask/table.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "ask/render.hpp"
#include "sites.hpp"

using namespace meshfed;
using namespace meshfed::testing;

namespace {

std::string rows(const interpret::World& world, const ask::Range& range) {
  std::string text;
  for (const ask::Question& question : ask::questions(world, range))
    text += fmt::format("{} {}:{}\n", ask::name_of(question.client), question.host, question.port);
  return text;
}

}  // namespace

TEST_CASE("everybody who can be told from others is asked for") {
  const std::string denied =
      std::string(kExported) +
      "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a, namespace: shop}\nspec: "
      "{action: DENY, rules: [{from: [{source: {notPrincipals: [east.example/ns/bank/sa/web, "
      "north.example/ns/x/sa/y]}}]}]}\n";
  const std::string east = std::string(kRemote) + edited(kImported, "location:", "exportTo: [cafe, bank]\n  location:");
  const auto both = world(two_clusters(), {{"east", east}, {"west", denied}});
  CHECK(rows(*both, {}) ==
        "east pay.mesh.global:80\neast/bank pay.mesh.global:80\neast/bank/web pay.mesh.global:80\n"
        "east/cafe pay.mesh.global:80\nwest pay.mesh.global:80\n");
  CHECK(rows(*both, {.cluster = "west", .host = {}}) == "west pay.mesh.global:80\n");
  CHECK(rows(*both, {.cluster = {}, .host = "other"}) == "");
}

TEST_CASE("all answers are the same in any number of threads") {
  const std::string east = std::string(kRemote) + kImported;
  const auto both = world(two_clusters(), {{"east", east}, {"west", kExported}});
  const std::vector<ask::Question> questions = ask::questions(*both, {});
  const std::string one = ask::render(ask::answers(*both, questions, 1), {}, ask::Format::json);
  CHECK(one == ask::render(ask::answers(*both, questions, 4), {}, ask::Format::json));
  CHECK(ask::render(ask::answers(*both, questions, 1), {}, ask::Format::text) ==
        "reached      east  pay.mesh.global:80  100 % west\nreached      west  pay.mesh.global:80  100 % west\n");
}
