#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

/// Compares text with tests/data/golden/NAME; with UPDATE_GOLDEN=1 it writes the file instead.
inline void expect_golden(std::string const& name, std::string const& text) {
    auto const path = std::string(CLAIRGATE_SOURCE_DIR) + "/tests/data/golden/" + name;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
        std::ofstream(path, std::ios::binary) << text;
        return;
    }
    std::ifstream in(path, std::ios::binary);
    std::ostringstream expected;
    expected << in.rdbuf();
    EXPECT_EQ(text, expected.str()) << name << " differs: UPDATE_GOLDEN=1 rewrites it";
}
