#include <stdexcept>
#include <string>
#include <support/temp_dir.hpp>
#include <system_error>

#include <stdlib.h>

namespace clairgate::test {

TempDir::TempDir() {
    auto pattern = (std::filesystem::temp_directory_path() / "clairgate-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        throw std::runtime_error("mkdtemp failed for " + pattern);
    path_ = pattern;
}

TempDir::~TempDir() {
    std::error_code ignored; // a test may have removed it already
    std::filesystem::remove_all(path_, ignored);
}

} // namespace clairgate::test
