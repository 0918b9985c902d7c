/** The bundle in one file, which loads three times as fast as the package's own entry. */
declare module 'echarts/dist/echarts.esm.min.mjs' {
  export * from 'echarts';
}
