// Words that people know from Kubernetes, Istio and other meshes, and what each is in federation.toml.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace meshfed::parse {

struct Foreign {
  enum class Remedy : std::uint8_t {
    rename,  // to `ours`
    remove,  // federation.toml says nothing of the kind
    advise,  // only somebody who knows what was meant can edit it
  };

  std::string_view table;  // the title of the table that it stands in; empty: any
  std::string_view word;   // as `plain_word` has it
  Remedy remedy = Remedy::advise;
  std::string_view ours;    // of `rename`
  std::string_view answer;  // what to do, and why
};

/// The row for a key that `title` does not have; null if nothing is known of it.
const Foreign* find_foreign(std::string_view title, std::string_view word);

/// In lower case and without `_` and `-`: trustDomain, trust-domain and trust_domain are one word.
std::string plain_word(std::string_view word);

}  // namespace meshfed::parse
