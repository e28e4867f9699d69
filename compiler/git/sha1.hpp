// SHA-1, where a format of Git asks for it. Says nothing about who wrote the bytes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace meshfed::git {

// The digest of everything that was added, in order.
class Sha1 {
 public:
  Sha1();
  ~Sha1();
  Sha1(const Sha1&) = delete;
  Sha1& operator=(const Sha1&) = delete;

  void add(std::string_view bytes);

  // 20 bytes. Call last, once.
  std::string digest();

 private:
  struct State;  // libcrypto stays in sha1.cpp
  std::unique_ptr<State> state_;
};

}  // namespace meshfed::git
